import { useTranslation } from "react-i18next";
import { AnchoredPanel } from "@/shared/anchored.tsx";
import classes from "./composer.module.css";

/** What support talk needs; the system's own picker has the rest. */
const emoji = [
  ..."😊 🙂 😉 😀 😄 😅 😂 🤣 😍 🥰 😘 🤗 🤔 😐 😕 🙁 😢 😭 😳 😮 😡 🙄 😬 😴".split(" "),
  ..."👍 👎 👌 🙏 👏 🙌 💪 🤝 👋 ✌️ 🤞 👉 👇 ☝️ ✅ ❌ ⚠️ ❗ ❓ 💡 🔎 📎 📌 🔒".split(" "),
  ..."❤️ 💙 💚 💛 🎉 🎁 ⭐ 🔥 💬 📞 📧 📦 🚚 💳 🧾 🛒 🏷️ 🕐 📅 🏠 🇧🇷 ☕ 🌞 🌧️".split(" "),
];

export function EmojiPicker({ onPick, onClose }: { onPick: (emoji: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <AnchoredPanel onClose={onClose} position="top-end" label={t("conversation.emoji")}>
      <div className={classes.emoji}>
        {emoji.map((each) => (
          <button key={each} type="button" onClick={() => onPick(each)}>
            {each}
          </button>
        ))}
      </div>
    </AnchoredPanel>
  );
}
