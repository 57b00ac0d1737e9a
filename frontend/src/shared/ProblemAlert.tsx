import { Alert } from "antd";
import { useTranslation } from "react-i18next";

import { Problem } from "@/api/problem";

/** Whatever went wrong, as the server said it: the title, the sentence, and every fault with its place. */
export function ProblemAlert({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  if (!error) return null;
  if (!(error instanceof Problem)) return <Alert type="error" role="alert" showIcon title={t("problem.unreachable")} />;
  return (
    <Alert
      type="error"
      role="alert"
      showIcon
      title={error.message}
      description={
        <>
          {error.detail && error.detail !== error.message && <p>{error.detail}</p>}
          {error.faults.length > 0 && (
            <ul>
              {error.faults.map((fault) => (
                <li key={`${fault.pointer} ${fault.code}`}>
                  {fault.detail} <code>{fault.pointer}</code>
                </li>
              ))}
            </ul>
          )}
        </>
      }
    />
  );
}
