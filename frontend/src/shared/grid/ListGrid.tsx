import { Empty, Spin } from "antd";
import { useCallback, useState } from "react";
import { Link, useNavigate } from "react-router";

import type { Place } from "@/shared/grid/keys";
import { type GridColumn, VirtualGrid } from "@/shared/grid/VirtualGrid";
import type { List } from "@/shared/ListPage";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** How many rows before the last one that is here the next page is fetched. */
const AHEAD = 60;

export type ListColumn<Row> = GridColumn & {
  text: (row: Row) => string;
  /** Where the cell leads; Enter anywhere in the row goes to the first of them. */
  link?: (row: Row) => string;
};

type Props<Row> = { label: string; list: List<Row>; columns: readonly ListColumn<Row>[]; none: string };

/** A list of thousands of rows that shows more as one scrolls, by wheel, finger or key. */
export function ListGrid<Row>({ label, list, columns, none }: Props<Row>) {
  const go = useNavigate();
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = list;
  const wants = hasNextPage && !isFetchingNextPage && !isError;
  const near = rows.length - AHEAD;
  const onVisible = useCallback(
    (_first: number, last: number) => {
      if (wants && last >= near) void fetchNextPage();
    },
    [wants, near, fetchNextPage],
  );
  if (list.isPending) return <Spin />;
  const leading = columns.find((column) => column.link);
  return (
    <>
      <ProblemAlert error={list.error} />
      <VirtualGrid<Row>
        label={label}
        count={rows.length + (hasNextPage ? 1 : 0)}
        columns={columns}
        rowAt={(index) => rows[index]}
        cell={(row, key) => {
          const column = columns.find((one) => one.key === key);
          const text = column?.text(row) ?? "";
          const to = column?.link?.(row);
          const content = to ? (
            <Link to={to} tabIndex={-1}>
              {text}
            </Link>
          ) : (
            text
          );
          return { content, title: text };
        }}
        active={active}
        onActive={setActive}
        onOpen={(place) => {
          const row = rows[place.row];
          if (row && leading?.link) void go(leading.link(row));
        }}
        onVisible={onVisible}
        isList
        empty={<Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={none} />}
      />
    </>
  );
}
