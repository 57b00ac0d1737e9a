import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Empty, Input, Select, Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";

import { type Narrowing, type RFQRow, rfqs, type State } from "@/features/rfqs/rfqs";
import { useFormat } from "@/shared/format";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";

/** The RFQs this reader may see, newest first, narrowed by state and text. */
export function RFQListPage() {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const narrowing: Narrowing = {
    state: (address.get("state") as State | null) ?? undefined,
    text: address.get("text") ?? undefined,
  };
  const list = useInfiniteQuery(rfqs.list(narrowing));
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
        <h1>{t("rfqs.title")}</h1>
        <Select
          allowClear
          aria-label={t("rfqs.state")}
          placeholder={t("rfqs.state")}
          value={narrowing.state}
          options={useStates()}
          onChange={(state) => narrow("state", state)}
          style={{ minWidth: 170 }}
        />
        <Input.Search
          allowClear
          aria-label={t("rfqs.search")}
          placeholder={t("rfqs.search")}
          defaultValue={narrowing.text}
          onSearch={(text) => narrow("text", text)}
          style={{ maxWidth: 320 }}
        />
      </div>
      <ProblemAlert error={list.error} />
      <Table<RFQRow>
        rowKey="id"
        columns={useColumns()}
        dataSource={rows}
        loading={list.isPending}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: <Empty description={t("rfqs.none")} /> }}
      />
      {list.hasNextPage && (
        <Button className="section" block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("list.more")}
        </Button>
      )}
    </>
  );
}

function useColumns(): TableColumnsType<RFQRow> {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { title: t("rfqs.number"), render: (_, rfq) => <Link to={`/rfqs/${rfq.id}`}>{rfq.number}</Link> },
    { title: t("rfqs.subject"), dataIndex: "title" },
    { title: t("rfqs.buyer"), dataIndex: "buyer_name" },
    { title: t("rfqs.state"), render: (_, rfq) => <StateTag state={rfq.state} label={rfq.state_label} /> },
    { title: t("rfqs.deadline"), render: (_, rfq) => format.instant(rfq.deadline) },
    {
      title: t("rfqs.estimate"),
      className: "number",
      render: (_, rfq) => format.money(rfq.estimate, rfq.currency),
    },
  ];
}

function useStates(): { value: State; label: string }[] {
  const { t } = useTranslation();
  return [
    { value: "draft", label: t("rfqs.states.draft") },
    { value: "pending_approval", label: t("rfqs.states.pending_approval") },
    { value: "published", label: t("rfqs.states.published") },
    { value: "closed", label: t("rfqs.states.closed") },
    { value: "under_evaluation", label: t("rfqs.states.under_evaluation") },
    { value: "award_proposed", label: t("rfqs.states.award_proposed") },
    { value: "standstill", label: t("rfqs.states.standstill") },
    { value: "awarded", label: t("rfqs.states.awarded") },
    { value: "failed", label: t("rfqs.states.failed") },
    { value: "cancelled", label: t("rfqs.states.cancelled") },
  ];
}
