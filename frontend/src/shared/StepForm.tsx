import { useQuery } from "@tanstack/react-query";
import { DatePicker, Form, Input, Modal, Select, Spin, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import "dayjs/locale/zh-cn";
import { useTranslation } from "react-i18next";

import { answer, api, type Schema } from "@/api/client";
import { namedList } from "@/shared/namedList";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Field = Schema["StepField"];

type Props = {
  title: string;
  /** The name the API's schema gives to what the step takes. */
  input: string;
  error: Error | null;
  pending: boolean;
  onSend: (values: Record<string, unknown>) => void;
  onClose: () => void;
};

/** A form for whatever a step takes, drawn from what the server says of its fields. */
export function StepForm({ title, input, error, pending, onSend, onClose }: Props) {
  const { t, i18n } = useTranslation();
  dayjs.locale(i18n.language === "zh-hans" ? "zh-cn" : "en");
  const [form] = Form.useForm<Record<string, unknown>>();
  const asked = useQuery({
    queryKey: ["step-inputs", input],
    queryFn: () => answer(api.GET("/api/v1/step-inputs/{name}/", { params: { path: { name: input } } })),
    staleTime: Infinity,
  });
  const fields = (asked.data?.fields ?? []).filter((one) => one.kind !== "other");
  return (
    <Modal
      open
      title={title}
      okText={title}
      okButtonProps={{ disabled: !asked.data }}
      cancelText={t("steps.cancel")}
      confirmLoading={pending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <ProblemAlert error={asked.error ?? error} labels={Object.fromEntries(fields.map((one) => [one.name, one.label]))} />
      {asked.isPending && <Spin />}
      <Form form={form} layout="vertical" onFinish={(values) => onSend(toSend(values, fields))}>
        {fields.map((field) => (
          <Form.Item
            key={field.name}
            name={field.name}
            label={field.label}
            help={field.help || undefined}
            rules={[{ required: field.is_required, message: t("steps.required", { field: field.label }) }]}
            valuePropName={field.kind === "yes_no" ? "checked" : "value"}
            initialValue={field.kind === "yes_no" ? false : undefined}
          >
            <Control field={field} />
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}

function Control({ field, ...bound }: { field: Field }) {
  const longest = field.max_length ?? undefined;
  switch (field.kind) {
    case "choice":
      return <Select options={[...field.choices]} popupRender={namedList(field.label)} {...bound} />;
    case "yes_no":
      return <Switch {...bound} />;
    case "instant":
      return <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" {...bound} />;
    case "day":
      return <DatePicker {...bound} />;
    case "long_text":
      return <Input.TextArea rows={3} maxLength={longest} {...bound} />;
    default:
      return <Input maxLength={longest} inputMode={field.kind === "number" ? "decimal" : undefined} {...bound} />;
  }
}

/** Days and instants leave as ISO 8601; what was left empty is not sent. */
function toSend(values: Record<string, unknown>, fields: readonly Field[]): Record<string, unknown> {
  const days = new Set(fields.filter((one) => one.kind === "day").map((one) => one.name));
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const said = (name: string, value: Dayjs) => (days.has(name) ? value.format("YYYY-MM-DD") : value.toISOString());
  return Object.fromEntries(filled.map(([name, value]) => [name, dayjs.isDayjs(value) ? said(name, value) : value]));
}
