import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Select, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { layoutOf } from "@/features/uploads/columns/draft";
import { SampleTable } from "@/features/uploads/columns/SampleTable";
import { TableMapping } from "@/features/uploads/columns/TableMapping";
import { type Pointed, type Proposed, type Upload, uploads } from "@/features/uploads/uploads";
import { useFormat } from "@/shared/format";
import { namedList } from "@/shared/namedList";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Props = { upload: Upload; onConfirmed: (upload: Upload) => void; onClose?: () => void };

/** Which table of the file is meant, and which of its columns is which. */
export function ColumnsStep({ upload, onConfirmed, onClose }: Props) {
  const { t } = useTranslation();
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error, isPending, isFetching } = useQuery({
    ...uploads.columns(upload, pointed),
    placeholderData: (before) => before,
  });
  if (isPending) return <Spin />;
  if (!data) return <ProblemAlert error={error} />;
  const tables = inOrder(data.tables, chosen ?? pointed?.table);
  const table = tables.find((one) => one.name === chosen) ?? data.tables[0];
  if (!table) return null;
  const point = (rows: readonly number[]) => {
    setChosen(table.name);
    setPointed({ table: table.name, rows });
  };
  return (
    <section aria-labelledby="columns-title" className="columns">
      <div className="section-head">
        <h2 id="columns-title">{t("columns.title")}</h2>
        {onClose && <Button onClick={onClose}>{t("columns.back")}</Button>}
      </div>
      <ProblemAlert error={error} />
      {data.tables.length > 1 && <WhichTable tables={data.tables} value={table.name} onChange={setChosen} />}
      <div aria-busy={isFetching}>
        {layoutOf(table) ? (
          <TableMapping
            key={`${table.name} ${String(layoutOf(table)?.header_rows)}`}
            upload={upload}
            columns={data.columns}
            table={table}
            tables={data.tables}
            onTable={setChosen}
            onPoint={point}
            onConfirmed={onConfirmed}
          />
        ) : (
          <>
            <Alert type="info" showIcon title={t("columns.unlike")} />
            <SampleTable table={table} headerRows={[]} isAsked assigned={new Map()} onPoint={point} />
          </>
        )}
      </div>
    </section>
  );
}

/** The likeliest first, but the one a person points at where it was. */
function inOrder(tables: readonly Proposed[], chosen: string | null | undefined): readonly Proposed[] {
  return chosen ? [...tables].sort((one, two) => Number(two.name === chosen) - Number(one.name === chosen)) : tables;
}

type ChoiceProps = { tables: readonly Proposed[]; value: string; onChange: (name: string) => void };

/** Workbooks of dozens of sheets are usual: typing finds one. */
function WhichTable({ tables, value, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const said = (one: Proposed) =>
    [one.name || t("columns.unnamed"), t("columns.rows", { rows: format.whole(one.row_count) }), one.hidden && t("columns.hidden")];
  return (
    <p className="which-table">
      <label htmlFor="which-table">{t("columns.table", { tables: tables.length })}</label>
      <Select
        id="which-table"
        showSearch={{ optionFilterProp: "label" }}
        popupRender={namedList(t("columns.table", { tables: tables.length }))}
        popupMatchSelectWidth={false}
        value={value}
        onChange={onChange}
        options={tables.map((one) => ({ value: one.name, label: said(one).filter(Boolean).join(" · ") }))}
      />
    </p>
  );
}
