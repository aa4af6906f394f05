import { useTranslation } from "react-i18next";
import classes from "./composer.module.css";

/** What support talk needs; the system's own picker has the rest. */
const emoji = [
  ..."😊 🙂 😉 😀 😄 😅 😂 🤣 😍 🥰 😘 🤗 🤔 😐 😕 🙁 😢 😭 😳 😮 😡 🙄 😬 😴".split(" "),
  ..."👍 👎 👌 🙏 👏 🙌 💪 🤝 👋 ✌️ 🤞 👉 👇 ☝️ ✅ ❌ ⚠️ ❗ ❓ 💡 🔎 📎 📌 🔒".split(" "),
  ..."❤️ 💙 💚 💛 🎉 🎁 ⭐ 🔥 💬 📞 📧 📦 🚚 💳 🧾 🛒 🏷️ 🕐 📅 🏠 🇧🇷 ☕ 🌞 🌧️".split(" "),
];

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const { t } = useTranslation();
  return (
    <fieldset className={classes.emoji} aria-label={t("conversation.emoji")}>
      {emoji.map((each) => (
        <button key={each} type="button" onClick={() => onPick(each)}>
          {each}
        </button>
      ))}
    </fieldset>
  );
}
