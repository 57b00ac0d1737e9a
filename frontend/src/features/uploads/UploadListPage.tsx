import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Empty, Select, Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { type Narrowing, type State, type UploadRow, uploads } from "@/features/uploads/uploads";
import { useStates } from "@/features/uploads/words";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { BringTable } from "@/shared/uploads/BringTable";
import { tables } from "@/shared/uploads/tables";

/** Every table the organisation brought, newest first, narrowed by kind and state. */
export function UploadListPage() {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const narrowing: Narrowing = {
    state: (address.get("state") as State | null) ?? undefined,
    format: address.get("format") ?? undefined,
  };
  const list = useInfiniteQuery(uploads.list(narrowing));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const narrow = (name: keyof Narrowing, value: string | undefined) =>
    setAddress((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    });

  return (
    <>
      <div className="page-head">
        <h1>{t("uploads.title")}</h1>
        <Select
          allowClear
          aria-label={t("uploads.format")}
          placeholder={t("uploads.format")}
          value={narrowing.format}
          options={useFormats()}
          onChange={(format) => narrow("format", format)}
          className="filter"
        />
        <Select
          allowClear
          aria-label={t("uploads.state")}
          placeholder={t("uploads.state")}
          value={narrowing.state}
          options={useStates()}
          onChange={(state) => narrow("state", state)}
          className="filter"
        />
        <span className="page-actions">
          <BringTable />
        </span>
      </div>
      <ProblemAlert error={list.error} />
      <Table<UploadRow>
        rowKey="id"
        size="small"
        columns={useColumns()}
        dataSource={rows}
        loading={list.isPending}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <Empty description={t("uploads.none")} /> }}
      />
      {list.hasNextPage && (
        <Button className="section" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}

function useFormats(): { value: string; label: string }[] {
  const { data } = useQuery(tables.formats);
  return data?.results.map((one) => ({ value: one.code, label: one.title })) ?? [];
}

function useColumns(): TableColumnsType<UploadRow> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("uploads.file"), render: (_, one) => <Link to={`/uploads/${one.id}`}>{one.filename}</Link> },
    { title: t("uploads.format"), dataIndex: "format_title" },
    { title: t("uploads.state"), render: (_, one) => <StateTag state={one.state} label={one.state_label} /> },
    { title: t("outcome.new"), className: "number", render: (_, one) => format.count(one.counts.new) },
    { title: t("outcome.changed"), className: "number", render: (_, one) => format.count(one.counts.changed) },
    { title: t("outcome.faulty"), className: "number", render: (_, one) => format.count(one.faulty_count) },
    { title: t("uploads.brought"), render: (_, one) => format.instant(one.created_at) },
  ];
}
