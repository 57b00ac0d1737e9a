import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { Chips } from "@/features/uploads/review/Chips";
import { ChosenKind, Conversions } from "@/features/uploads/review/Conversions";
import { MissingGrid } from "@/features/uploads/review/MissingGrid";
import { RowsGrid } from "@/features/uploads/review/RowsGrid";
import { type Choice, isAtWork, type Outcome, type Upload, uploads } from "@/features/uploads/uploads";
import { useFormat } from "@/shared/format";

const MISSING = "missing";
/** The list of what was read otherwise than written takes the place of the rows. */
const CONVERSIONS = "conversions";

/** Every row of the table and what it would do, or did; narrowed by outcome, fault and text. */
export function Review({ upload }: { upload: Upload }) {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const outcome = standing(upload, address.get("outcome"));
  const choice: Choice = {
    outcome: outcome as Outcome | undefined,
    fault: address.get("fault") ?? undefined,
    heading: address.get("heading") ?? undefined,
    text: address.get("text") ?? undefined,
    conversion: address.get("conversion") ?? undefined,
    column: address.get("column") ?? undefined,
  };
  const listsConversions = address.get("view") === CONVERSIONS;
  if (isAtWork(upload) || !Object.keys(upload.counts).length) return null;
  const narrow = (wanted: Choice | { outcome: typeof MISSING } | { view: typeof CONVERSIONS }, replace = true) =>
    setAddress(Object.entries(wanted).filter((pair): pair is [string, string] => Boolean(pair[1])), { replace });
  return (
    <section aria-labelledby="review-title" className="review">
      <h2 id="review-title" className="unseen">
        {t("review.title")}
      </h2>
      <div className="review-bar">
        <Chips
          upload={upload}
          chosen={listsConversions || choice.conversion ? CONVERSIONS : outcome}
          onChoose={(one) => narrow(one ? { outcome: one as Outcome, text: choice.text } : { text: choice.text })}
        />
        <ConversionsChip upload={upload} isChosen={listsConversions} onChoose={() => narrow(listsConversions ? {} : { view: CONVERSIONS })} />
        {choice.column && choice.conversion && (
          <ChosenKind upload={upload} column={choice.column} conversion={choice.conversion} onClear={() => narrow({ outcome: choice.outcome, text: choice.text })} />
        )}
        {outcome !== MISSING && !listsConversions && (
          <>
            <FaultSelect upload={upload} choice={choice} onChoose={narrow} />
            <Input.Search
              allowClear
              key={choice.text}
              aria-label={t("review.search")}
              placeholder={t("review.search")}
              defaultValue={choice.text}
              onSearch={(text) => narrow({ ...choice, text: text.trim() })}
              className="filter"
            />
          </>
        )}
        {Object.values(choice).some(Boolean) && (
          <Button type="link" onClick={() => narrow({})}>
            {t("review.all")}
          </Button>
        )}
      </div>
      {listsConversions ? (
        <Conversions upload={upload} onRows={({ column, kind }) => narrow({ column: String(column), conversion: kind }, false)} />
      ) : outcome === MISSING ? (
        <MissingGrid upload={upload} />
      ) : (
        <RowsGrid key={JSON.stringify(choice)} upload={upload} choice={choice} />
      )}
    </section>
  );
}

/** Once nothing can be mended any more, a choice that nothing is left of is none. */
function standing(upload: Upload, outcome: string | null): string | undefined {
  if (!outcome || upload.editable || outcome === MISSING) return outcome ?? undefined;
  return upload.counts[outcome as Outcome] ? outcome : undefined;
}

type ChipProps = { upload: Upload; isChosen: boolean; onChoose: () => void };

/** How many kinds of conversions there are; leads to their list. */
function ConversionsChip({ upload, isChosen, onChoose }: ChipProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery(uploads.conversion(upload, {}));
  if (!data?.count) return null;
  return (
    <button type="button" className="chip chip-conversions" aria-pressed={isChosen} onClick={onChoose}>
      {t("conversions.title")} <b>{format.whole(data.count)}</b>
    </button>
  );
}

type FaultProps = { upload: Upload; choice: Choice; onChoose: (choice: Choice) => void };

/** Each kind of fault with how many rows have it. */
function FaultSelect({ upload, choice, onChoose }: FaultProps) {
  const { t } = useTranslation();
  const { data = [] } = useQuery({ ...uploads.faults(upload), enabled: upload.faulty_count > 0 });
  if (!upload.faulty_count) return null;
  const key = (code: string, heading: string) => `${code}\n${heading}`;
  return (
    <Select
      allowClear
      aria-label={t("review.fault")}
      placeholder={t("review.fault")}
      value={choice.fault ? key(choice.fault, choice.heading ?? "") : undefined}
      onChange={(value?: string) => {
        const [fault, heading] = value?.split("\n") ?? [];
        onChoose(fault ? { outcome: "faulty", fault, heading, text: choice.text } : { outcome: choice.outcome, text: choice.text });
      }}
      options={data.map((kind) => ({
        value: key(kind.code, kind.heading),
        label: `${kind.rows} × ${[kind.heading, kind.detail].filter(Boolean).join(": ")}`,
      }))}
      popupMatchSelectWidth={false}
      className="fault-filter"
    />
  );
}
