import { Alert } from "antd";
import { useTranslation } from "react-i18next";

import { type Fault, Problem } from "@/api/problem";

/** Of what stands before the server, which says it without a sentence. */
const TOO_LARGE = 413;

type Props = {
  error: Error | null;
  /** What people call the fields of a form, by their names; a fault of any other stands by its sentence alone. */
  labels?: Readonly<Record<string, string>>;
};

/** Whatever went wrong, as the server said it: the title, the sentence, and every fault with the field it is at. */
export function ProblemAlert({ error, labels = {} }: Props) {
  const { t } = useTranslation();
  if (!error) return null;
  if (!(error instanceof Problem)) return <Alert type="error" role="alert" showIcon title={t("problem.unreachable")} />;
  return (
    <Alert
      type="error"
      role="alert"
      showIcon
      title={error.message || (error.status === TOO_LARGE ? t("problem.tooLarge") : t("problem.unexpected", { status: error.status }))}
      description={
        <>
          {error.detail && error.detail !== error.message && <p>{error.detail}</p>}
          <Faults faults={error.faults} labels={labels} />
        </>
      }
    />
  );
}

function Faults({ faults, labels }: { faults: readonly Fault[]; labels: Readonly<Record<string, string>> }) {
  const { t } = useTranslation();
  if (!faults.length) return null;
  const placed = faults.filter((fault) => fault.pointer.replace(/^#?\/?/, ""));
  return (
    <>
      <ul>
        {faults.map((fault) => {
          const { line, field } = placeOf(fault.pointer);
          const place = [line !== undefined && t("problem.line", { number: line }), labels[field]].filter(Boolean).join(", ");
          return (
            <li key={`${fault.pointer} ${fault.code}`}>
              {place && <strong>{place}:</strong>} {fault.detail}
            </li>
          );
        })}
      </ul>
      {placed.length > 0 && (
        <details className="quiet">
          <summary>{t("problem.places")}</summary>
          <ul>
            {placed.map((fault) => (
              <li key={`${fault.pointer} ${fault.code}`}>
                <code>{fault.pointer}</code> {fault.code}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Of `#/lines/3/quantity` the fourth line and its field. */
function placeOf(pointer: string): { line?: number; field: string } {
  const parts = pointer.replace(/^#?\//, "").split("/");
  const index = parts.findLast((part) => /^\d+$/.test(part));
  return { line: parts[0] === "lines" && index !== undefined ? Number(index) + 1 : undefined, field: parts.findLast((part) => !/^\d+$/.test(part)) ?? "" };
}
