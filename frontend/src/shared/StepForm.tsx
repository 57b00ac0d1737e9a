import { DatePicker, Form, Input, Modal, Select, Switch } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";

import inputs from "@/api/inputs.json";
import { ProblemAlert } from "@/shared/ProblemAlert";

type Field = { type?: string; format?: string; title?: string; description?: string; enum?: string[]; maxLength?: number };
type Shape = { properties: Record<string, Field>; required: string[] };

const SHAPES = inputs as unknown as Record<string, Shape>;

type Props = {
  title: string;
  /** The name the API's schema gives to what the step takes. */
  input: string;
  error: Error | null;
  pending: boolean;
  onSend: (values: Record<string, unknown>) => void;
  onClose: () => void;
};

/** A form for whatever a step takes, drawn from the API's own schema. */
export function StepForm({ title, input, error, pending, onSend, onClose }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Record<string, unknown>>();
  const shape = SHAPES[input] ?? { properties: {}, required: [] };
  return (
    <Modal
      open
      title={title}
      okText={title}
      cancelText={t("steps.cancel")}
      confirmLoading={pending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <ProblemAlert error={error} labels={labelsOf(shape)} />
      <Form form={form} layout="vertical" onFinish={(values) => onSend(toSend(values))}>
        {Object.entries(shape.properties).map(([name, field]) => (
          <Form.Item
            key={name}
            name={name}
            label={field.title ?? name}
            help={field.description}
            rules={[{ required: shape.required.includes(name) }]}
            valuePropName={field.type === "boolean" ? "checked" : "value"}
          >
            <Control name={name} field={field} />
          </Form.Item>
        ))}
      </Form>
    </Modal>
  );
}

function Control({ name, field, ...bound }: { name: string; field: Field }) {
  if (field.enum) return <Select options={field.enum.map((value) => ({ value, label: value }))} {...bound} />;
  if (field.type === "boolean") return <Switch {...bound} />;
  if (field.format === "date-time") return <DatePicker showTime {...bound} />;
  if (field.format === "date") return <DatePicker {...bound} />;
  if (name === "reason" || name === "text") return <Input.TextArea rows={3} maxLength={field.maxLength} {...bound} />;
  return <Input {...bound} />;
}

const labelsOf = ({ properties }: Shape): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).flatMap(([name, { title }]) => (title ? [[name, title]] : [])));

/** Dates leave as ISO 8601; what was left empty is not sent. */
function toSend(values: Record<string, unknown>): Record<string, unknown> {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(filled.map(([name, value]) => [name, dayjs.isDayjs(value) ? instant(value) : value]));
}

const instant = (value: Dayjs): string => value.toISOString();
