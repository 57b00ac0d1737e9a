import { Button, Result } from "antd";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useParams } from "react-router";

/** The page of each kind of document that has one, by the name notifications give the kind. */
const PAGES: Record<string, (id: string) => string> = {
  "procurement.requestforquotation": (id) => `/rfqs/${id}`,
  "suppliers.product": (id) => `/catalogue/${id}`,
  "suppliers.pricelist": (id) => `/price-lists/${id}`,
  "uploads.upload": (id) => `/uploads/${id}`,
};

/** Where the link of a notification leads: the document's page, or the word that it has none yet. */
export function DocumentPage() {
  const { t } = useTranslation();
  const { type = "", id = "" } = useParams();
  const names = useNamesOfKinds();
  const page = PAGES[type];
  if (page) return <Navigate to={page(id)} replace />;
  return (
    <Result
      status="info"
      title={t("document.notYet", { kind: names[type] ?? type })}
      subTitle={t("document.elsewhere", { id })}
      extra={
        <Link to="/">
          <Button type="primary">{t("document.back")}</Button>
        </Link>
      }
    />
  );
}

function useNamesOfKinds(): Record<string, string> {
  const { t } = useTranslation();
  return {
    "procurement.requisition": t("kind.requisition"),
    "procurement.purchaseorder": t("kind.purchaseOrder"),
    "procurement.goodsreceipt": t("kind.goodsReceipt"),
    "procurement.invoice": t("kind.invoice"),
    "procurement.procurementpolicy": t("kind.procurementPolicy"),
    "quotations.quotation": t("kind.quotation"),
    "quotations.question": t("kind.question"),
    "quotations.award": t("kind.award"),
    "quotations.bidopening": t("kind.bidOpening"),
    "quotations.objection": t("kind.objection"),
    "contracts.contract": t("kind.contract"),
    "contracts.calloff": t("kind.callOff"),
    "contracts.clause": t("kind.clause"),
    "contracts.contracttemplate": t("kind.contractTemplate"),
    "credit.creditaccount": t("kind.creditAccount"),
    "suppliers.supplierprofile": t("kind.supplierProfile"),
    "suppliers.qualification": t("kind.qualification"),
    "suppliers.bankaccount": t("kind.bankAccount"),
  };
}
