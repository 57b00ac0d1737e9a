import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { Button, Empty, Table, type TableColumnsType } from "antd";
import type { InfiniteData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";

import { ProblemAlert } from "@/shared/ProblemAlert";

type Page<Row> = { results: Row[] };
export type List<Row> = UseInfiniteQueryResult<InfiniteData<Page<Row>>>;

type RowsProps<Row> = {
  list: List<Row>;
  columns: TableColumnsType<Row>;
  /** What is said where there is nothing. */
  none: string;
  /** In pixels: what is narrower scrolls sideways in its own box. */
  width: number;
};

/** The rows of a list fetched page by page, what went wrong with them, and the button for more. */
function ListRows<Row extends { id: string | number }>({ list, columns, none, width }: RowsProps<Row>) {
  const { t } = useTranslation();
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <>
      <ProblemAlert error={list.error} />
      {rows.length > 0 || list.isPending ? (
        <Table<Row>
          rowKey="id"
          size="small"
          columns={columns}
          dataSource={rows}
          loading={list.isPending}
          pagination={false}
          scroll={{ x: width }}
        />
      ) : (
        !list.error && <Empty className="nothing" description={none} />
      )}
      {list.hasNextPage && (
        <Button className="section" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}

type PageProps<Row> = RowsProps<Row> & {
  title: string;
  /** What one may do here, at the end of the page's head. */
  actions?: ReactNode;
  /** What the list is narrowed by. */
  filters?: ReactNode;
  children?: ReactNode;
};

/** A page that lists documents: its head, its filters, its rows. */
export function ListPage<Row extends { id: string | number }>({ title, actions, filters, children, ...rows }: PageProps<Row>) {
  return (
    <>
      <div className="page-head">
        <h1>{title}</h1>
        {actions && <span className="page-actions">{actions}</span>}
      </div>
      {filters && <div className="filters">{filters}</div>}
      <ListRows {...rows} />
      {children}
    </>
  );
}

/** What a list is narrowed to stands in the page's address: how to read one name of it, and how to write one. */
export function useNarrowing() {
  const [address, setAddress] = useSearchParams();
  const narrow = (name: string, value: string | undefined) =>
    setAddress((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    });
  const narrowedTo = <Value extends string = string>(name: string): Value | undefined =>
    (address.get(name) as Value | null) ?? undefined;
  return { narrowedTo, narrow, address };
}
