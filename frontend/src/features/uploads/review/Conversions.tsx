import { useQuery } from "@tanstack/react-query";
import { Empty, Spin, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { type ConversionChoice, type ConversionCount, type Nature, type Upload, uploads } from "@/features/uploads/uploads";
import { useNatures } from "@/features/uploads/words";
import { ChoiceFilter } from "@/shared/filters";
import { useFormat } from "@/shared/format";
import type { Place } from "@/shared/grid/keys";
import { usePages } from "@/shared/grid/pages";
import { VirtualGrid } from "@/shared/grid/VirtualGrid";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Props = {
  upload: Upload;
  /** Show the rows of a kind. */
  onRows: (kind: ConversionCount) => void;
};

/** Everything that was read otherwise than it is written, by column and kind; the rows of each are one key away. */
export function Conversions({ upload, onRows }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ConversionChoice>({});
  const natures = useNatures();
  return (
    <>
      <p className="quiet">{t("conversions.about")}</p>
      <div className="filters">
        <ChoiceFilter
          searches
          label={t("conversions.column")}
          value={chosen.column}
          options={useColumns(upload)}
          onChange={(column) => setChosen({ ...chosen, column })}
        />
        <ChoiceFilter
          label={t("conversions.nature")}
          value={chosen.nature}
          options={Object.entries(natures).map(([value, label]) => ({ value: value as Nature, label }))}
          onChange={(nature) => setChosen({ ...chosen, nature })}
        />
      </div>
      <Kinds key={JSON.stringify(chosen)} upload={upload} chosen={chosen} natures={natures} onRows={onRows} />
    </>
  );
}

type KindsProps = Props & { chosen: ConversionChoice; natures: Record<Nature, string> };

function Kinds({ upload, chosen, natures, onRows }: KindsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const pages = usePages(uploads.conversions(upload, chosen));
  if (pages.error) return <ProblemAlert error={pages.error} />;
  if (pages.isPending) return <Spin />;
  const cell = (one: ConversionCount, key: string) => {
    switch (key) {
      case "heading":
        return { content: one.heading || t("conversions.noColumn") };
      case "nature":
        return { content: natures[one.nature] };
      case "rows":
        return { content: <b>{format.whole(one.rows)}</b>, className: "cell-number" };
      case "open":
        return {
          content: (
            <button type="button" className="link" tabIndex={-1} onClick={() => onRows(one)}>
              {t("conversions.rows")}
            </button>
          ),
        };
      default:
        return { content: one[key as "shown" | "taken"], title: one[key as "shown" | "taken"] };
    }
  };
  return (
    <>
      <VirtualGrid<ConversionCount>
        label={t("conversions.title")}
        count={pages.count ?? 0}
        columns={[
          { key: "heading", title: t("conversions.column"), width: 160 },
          { key: "nature", title: t("conversions.nature"), width: 150 },
          { key: "shown", title: t("conversions.shown"), width: 220 },
          { key: "taken", title: t("conversions.taken"), width: 260 },
          { key: "rows", title: t("conversions.count"), width: 90 },
          { key: "open", title: <span className="unseen">{t("conversions.rows")}</span>, width: 130 },
        ]}
        rowAt={pages.rowAt}
        cell={cell}
        active={active}
        onActive={setActive}
        onOpen={(place) => {
          const kind = pages.rowAt(place.row);
          if (kind) onRows(kind);
        }}
        onVisible={pages.onVisible}
        empty={<Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("conversions.none")} />}
      />
      <p className="quiet">{t("conversions.keys")}</p>
    </>
  );
}

/** The columns of the file, by their place in it. */
function useColumns(upload: Upload): { value: string; label: string }[] {
  const { t } = useTranslation();
  const { data: known } = useQuery(uploads.columns(upload, null));
  const places = (upload.layout as { columns?: Record<string, number> } | null)?.columns ?? {};
  const read = (known?.columns ?? []).flatMap((column) => {
    const place = places[column.name];
    return place === undefined ? [] : [{ place, label: column.heading }];
  });
  const inFile = read.sort((one, two) => one.place - two.place).map(({ place, label }) => ({ value: String(place), label }));
  return [...inFile, { value: "0", label: t("conversions.noColumn") }];
}

type KindProps = { upload: Upload; column: string; conversion: string; onClear: () => void };

/** Which conversion the rows shown have in common. */
export function ChosenKind({ upload, column, conversion, onClear }: KindProps) {
  const { t } = useTranslation();
  const { data } = useQuery(uploads.conversion(upload, { column, conversion }));
  const kind = data?.results[0];
  if (!kind) return null;
  const said = t("review.taken", { shown: kind.shown, taken: kind.taken });
  return (
    <Tag closable={{ "aria-label": t("conversions.clear") }} onClose={onClear} className="chosen-kind">
      {[kind.heading, said].filter(Boolean).join(": ")}
    </Tag>
  );
}
