import { UploadOutlined } from "@ant-design/icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button, type ButtonProps, Form, Input, Modal, Progress, Select, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";

import { namedList } from "@/shared/namedList";
import { ProblemAlert } from "@/shared/ProblemAlert";
import { DropTable } from "@/shared/uploads/DropTable";
import type { Pasted } from "@/shared/uploads/pasted";
import { PastedPreview } from "@/shared/uploads/PastedPreview";
import { TargetPicker } from "@/shared/uploads/TargetPicker";
import { bring, type Content, type Format, tables } from "@/shared/uploads/tables";

const CURRENCY = /^[A-Za-z]{3}$/;

type Props = {
  /** The kind of table, where the page knows it; else the person chooses. */
  format?: string;
  /** The document its rows go into, for kinds that go into one. */
  target?: string;
  label?: string;
  type?: ButtonProps["type"];
};

/** A button that takes a table: choose what it is, drop or paste it, and go on at the upload's own page. */
export function BringTable({ label, type = "primary", ...purpose }: Props) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button type={type} icon={<UploadOutlined aria-hidden />} onClick={() => setOpen(true)}>
        {label ?? t("bring.button")}
      </Button>
      {isOpen && <BringDialog {...purpose} onClose={() => setOpen(false)} />}
    </>
  );
}

function BringDialog({ format: fixed, target: known, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const open = useNavigate();
  const formats = useQuery(tables.formats);
  const offered = formats.data?.results ?? [];
  const [chosen, setChosen] = useState<string | undefined>(fixed);
  const [picked, setPicked] = useState<string>();
  const target = known ?? picked;
  const [currency, setCurrency] = useState("");
  const [range, setRange] = useState<Pasted | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const format = offered.find((one) => one.code === (chosen ?? (offered.length === 1 ? offered[0]?.code : undefined)));
  const sending = useMutation({
    mutationFn: (content: Content) =>
      bring(content, { format: format?.code ?? "", target, currency: asksCurrency ? currency.trim().toUpperCase() : "" }, setSent),
    onSuccess: (upload) => {
      onClose();
      void open(`/uploads/${upload.id}`);
    },
    onSettled: () => setSent(null),
  });
  // Into a document, prices are in its own.
  const asksCurrency = Boolean(format?.needs_currency) && !target;
  const lacks = useLacks(format, target, asksCurrency ? currency : "");
  const isReady = lacks === null;

  return (
    <Modal open title={format?.title ?? t("bring.title")} onCancel={onClose} footer={null} width={640} destroyOnHidden>
      <ProblemAlert error={formats.error ?? sending.error} />
      <Form layout="vertical">
        {!fixed && (
          <Form.Item label={t("bring.format")} htmlFor="bring-format">
            <Formats
              formats={offered}
              value={format?.code}
              onChange={(code) => {
                setChosen(code);
                setPicked(undefined);
              }}
              isPending={formats.isPending}
            />
          </Form.Item>
        )}
        {format && <About key={format.code} text={format.about} />}
        {format?.target && !known && (
          <Form.Item label={t("target.label")} htmlFor="bring-target" help={format.target_required ? undefined : t("target.optional")}>
            <TargetPicker key={format.code} id="bring-target" format={format} value={picked} onChange={setPicked} />
          </Form.Item>
        )}
        {asksCurrency && (
          <Form.Item label={t("bring.currency")} htmlFor="bring-currency" help={t("bring.currencyHelp")}>
            <Input
              id="bring-currency"
              value={currency}
              maxLength={3}
              placeholder="EUR"
              onChange={(event) => setCurrency(event.target.value)}
              className="short"
            />
          </Form.Item>
        )}
      </Form>
      {sending.isPending ? (
        <Progress percent={Math.round((sent ?? 0) * 100)} aria-label={t("bring.sending")} />
      ) : range ? (
        <>
          <PastedPreview range={range} />
          <Space>
            <Button type="primary" disabled={!isReady} onClick={() => sending.mutate({ text: range.text })}>
              {t("bring.send")}
            </Button>
            <Button onClick={() => setRange(null)}>{t("bring.other")}</Button>
            {!isReady && <span className="quiet">{lacks}</span>}
          </Space>
        </>
      ) : isReady ? (
        <DropTable onFile={(file) => sending.mutate({ file })} onPasted={setRange} />
      ) : (
        <p className="drop drop-closed">{lacks}</p>
      )}
    </Modal>
  );
}

/** The first sentence of what a table is; the others for who asks. */
function About({ text }: { text: string }) {
  const [first = "", ...others] = text.split(/(?<=[.。])\s*/u).filter(Boolean);
  if (!others.length) return <p className="quiet">{text}</p>;
  return (
    <details className="quiet about">
      <summary>{first}</summary>
      {others.join(" ")}
    </details>
  );
}

/** What a person has to say before a table can be sent; nothing where all is said. */
function useLacks(format: Format | undefined, target: string | undefined, currency: string): string | null {
  const { t } = useTranslation();
  if (!format) return t("bring.formatFirst");
  if (format.target_required && format.target && !target) return t("bring.targetFirst");
  return currency.trim() && !CURRENCY.test(currency.trim()) ? t("bring.currencyWrong") : null;
}

type Choice = { formats: Format[]; value?: string; onChange: (code: string) => void; isPending: boolean };

function Formats({ formats, value, onChange, isPending }: Choice) {
  const { t } = useTranslation();
  return (
    <Select
      id="bring-format"
      showSearch={{ optionFilterProp: "label" }}
      aria-label={t("bring.format")}
      popupRender={namedList(t("bring.format"))}
      placeholder={t("bring.format")}
      loading={isPending}
      value={value}
      onChange={onChange}
      options={formats.map((one) => ({ value: one.code, label: one.title }))}
      className="wide"
    />
  );
}
