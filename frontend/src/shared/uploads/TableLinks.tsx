import { DownloadOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";

import { DownloadButton } from "@/shared/DownloadButton";

type Props = {
  format: string;
  target?: string;
  /** Whether there is something to take away. */
  withExport?: boolean;
};

/** The empty workbook to fill in, and what is there now to change and bring again. */
export function TableLinks({ format, target, withExport = true }: Props) {
  const { t } = useTranslation();
  const base = `/api/v1/upload-formats/${format}`;
  const query = target ? `?target=${target}` : "";
  return (
    <>
      {withExport && (
        <DownloadButton url={`${base}/export/${query}`} icon={<DownloadOutlined aria-hidden />}>
          {t("tables.export")}
        </DownloadButton>
      )}
      <DownloadButton url={`${base}/template/`}>{t("tables.template")}</DownloadButton>
    </>
  );
}
