import "@mantine/core/styles/CloseButton.layer.css";
import { CloseButton } from "@mantine/core";
import { IconFile } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLocale } from "@/app/i18n/index.ts";
import { formatBytes } from "@/shared/format.ts";
import classes from "./composer.module.css";

/** Files chosen and not sent yet, with a look at pictures. */
export function FileStrip({ files, onRemove }: { files: readonly File[]; onRemove: (file: File) => void }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.files} aria-label={t("conversation.attach_preview")}>
      {files.map((file) => (
        <li key={`${file.name} ${file.size} ${file.lastModified}`}>
          <Preview file={file} />
          <span className={classes.fileName}>{file.name}</span>
          <small>{formatBytes(file.size, currentLocale())}</small>
          <CloseButton
            size="xs"
            aria-label={t("conversation.remove_file", { name: file.name })}
            onClick={() => onRemove(file)}
          />
        </li>
      ))}
    </ul>
  );
}

function Preview({ file }: { file: File }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!file.type.startsWith("image/")) return;
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address ? <img src={address} alt="" /> : <IconFile size={18} aria-hidden />;
}
