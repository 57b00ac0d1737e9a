import { Input, Select } from "antd";
import { useTranslation } from "react-i18next";

import { type Layout, letterOf, type Move } from "@/features/uploads/columns/draft";
import type { FormatColumn, Proposed } from "@/features/uploads/uploads";

const NOWHERE = 0;
const SAME = -1;

type Props = {
  column: FormatColumn;
  table: Proposed;
  layout: Layout;
  isAsked: boolean;
  fault?: string;
  move: (move: Move) => void;
};

/** One column of the format: where it stands in the file, how sure that is, and why. */
export function ColumnChoice({ column, table, layout, isAsked, fault, move }: Props) {
  const { t } = useTranslation();
  const { name } = column;
  const constant = layout.constants[name];
  const place = layout.columns[name] ?? (constant === undefined ? NOWHERE : SAME);
  const id = `column-${name}`;
  const choose = (value: number) =>
    move(value === SAME ? { kind: "constant", column: name, value: "" } : { kind: "place", column: name, place: value || null });
  return (
    <li className={isAsked ? "choice choice-asked" : "choice"}>
      <label htmlFor={id}>
        {column.heading}
        {column.is_required && (
          <span className="required" title={t("columns.required")}>
            {" "}
            *
          </span>
        )}
      </label>
      <Select
        id={id}
        aria-label={column.heading}
        value={place}
        status={fault || (isAsked && place === NOWHERE) ? "warning" : undefined}
        onChange={choose}
        options={useOptions(table, layout)}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: "label" }}
        className="choice-select"
      />
      <Basis column={name} table={table} place={place} />
      {constant !== undefined && (
        <Input
          aria-label={t("columns.sameFor", { column: column.heading })}
          placeholder={column.expects}
          value={constant}
          onChange={(event) => move({ kind: "constant", column: name, value: event.target.value })}
          className="choice-constant"
        />
      )}
      {fault && (
        <span role="alert" className="choice-fault">
          {fault}
        </span>
      )}
    </li>
  );
}

function useOptions(table: Proposed, layout: Layout) {
  const { t } = useTranslation();
  const heads = table.sample.filter((row) => layout.header_rows.includes(row.number));
  const example = table.sample.find((row) => row.number > Math.max(0, ...layout.header_rows));
  const places = Array.from({ length: table.width }, (_, index) => {
    const heading = heads.map((row) => row.cells[index]).filter(Boolean).join(" ");
    const said = heading || example?.cells[index] || "";
    return { value: index + 1, label: [letterOf(index + 1), said].filter(Boolean).join(" · ") };
  });
  return [{ value: NOWHERE, label: t("columns.nowhere") }, { value: SAME, label: t("columns.same") }, ...places];
}

/** Why the proposal thinks so; nothing where a person chose otherwise. */
function Basis({ column, table, place }: { column: string; table: Proposed; place: number }) {
  const bases = useBases();
  const match = table.matches.find((one) => one.column === column && one.place === place);
  if (!match) return <span />;
  const percent = Math.round(match.confidence * 100);
  return (
    <span className={`basis basis-${match.basis}`}>
      {bases[match.basis] ?? match.basis} {percent < 100 && `${percent} %`}
    </span>
  );
}

function useBases(): Record<string, string> {
  const { t } = useTranslation();
  return {
    heading: t("basis.heading"),
    alias: t("basis.alias"),
    remembered: t("basis.remembered"),
    likeness: t("basis.likeness"),
    content: t("basis.content"),
    chosen: t("basis.chosen"),
  };
}
