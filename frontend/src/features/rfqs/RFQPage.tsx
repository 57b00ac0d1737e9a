import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Descriptions, type DescriptionsProps, Spin, Tabs } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";

import { RFQLines } from "@/features/rfqs/RFQLines";
import { type RFQ, rfqs } from "@/features/rfqs/rfqs";
import { useFormat } from "@/shared/format";
import { Journal } from "@/shared/Journal";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { StateTag } from "@/shared/StateTag";
import { StepBar } from "@/shared/StepBar";
import { DocumentTables } from "@/shared/uploads/DocumentTables";

/** One RFQ: what it asks for, where it stands, and what this reader may do next. */
export function RFQPage() {
  const { id = "" } = useParams();
  const { data: rfq, error, isPending } = useQuery(rfqs.one(id));
  if (isPending) return <Spin size="large" />;
  if (!rfq) return <ProblemAlert error={error} />;
  return <Loaded rfq={rfq} />;
}

function Loaded({ rfq }: { rfq: RFQ }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const show = (now: RFQ) => {
    cache.setQueryData(rfqs.one(rfq.id).queryKey, now);
    void cache.invalidateQueries({ queryKey: rfqs.all });
  };
  return (
    <>
      <div className="page-head">
        <h1>
          {rfq.number} · {rfq.title}
        </h1>
        <StateTag state={rfq.state} label={rfq.state_label} />
        <span className="page-actions">
          <DocumentTables document={rfq.id} version={rfq.version} format="rfq_lines" />
        </span>
      </div>
      <StepBar<RFQ> steps={rfq.steps} version={rfq.version} onTaken={show} />
      <Descriptions bordered size="small" column={{ xs: 1, md: 2 }} items={useFacts(rfq)} />
      <Tabs
        className="section"
        items={[
          { key: "lines", label: t("rfq.lines"), children: <RFQLines rfq={rfq} /> },
          { key: "journal", label: t("rfq.journal"), children: <Journal url={rfq.links.journal} version={rfq.version} /> },
        ]}
      />
    </>
  );
}

function useFacts(rfq: RFQ): DescriptionsProps["items"] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    { key: "buyer", label: t("rfqs.buyer"), children: rfq.buyer_name },
    { key: "deadline", label: t("rfqs.deadline"), children: format.instant(rfq.deadline) },
    { key: "estimate", label: t("rfqs.estimate"), children: format.money(rfq.estimate, rfq.currency) },
    { key: "terms", label: t("rfq.terms"), children: rfq.payment_terms_label },
    { key: "place", label: t("rfq.place"), children: [rfq.incoterm, rfq.place].filter(Boolean).join(" ") || "–" },
    {
      key: "invited",
      label: t("rfq.invited"),
      children: rfq.is_public ? t("rfq.public") : (rfq.invitations?.map((one) => one.supplier_name).join(", ") ?? "–"),
    },
  ];
}
