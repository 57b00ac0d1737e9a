import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Spin, Tabs, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { layoutOf } from "@/features/uploads/columns/draft";
import { SampleTable } from "@/features/uploads/columns/SampleTable";
import { TableMapping } from "@/features/uploads/columns/TableMapping";
import { type Pointed, type Proposed, type Upload, uploads } from "@/features/uploads/uploads";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Props = { upload: Upload; onConfirmed: (upload: Upload) => void; onClose?: () => void };

/** Which table of the file is meant, and which of its columns is which. */
export function ColumnsStep({ upload, onConfirmed, onClose }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
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
      {data.tables.length > 1 && (
        <Tabs
          activeKey={table.name}
          onChange={setChosen}
          items={data.tables.map((one) => ({
            key: one.name,
            label: (
              <>
                {one.name || t("columns.unnamed")} <span className="quiet">{format.count(one.row_count)}</span>{" "}
                {one.hidden && <Tag>{t("columns.hidden")}</Tag>}
              </>
            ),
          }))}
        />
      )}
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
