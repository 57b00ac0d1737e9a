import { Input, Select } from "antd";

import { namedList } from "@/shared/namedList";

type Option<Value extends string> = { value: Value; label: string };

type ChoiceProps<Value extends string> = {
  label: string;
  value: Value | undefined;
  options: readonly Option<Value>[];
  onChange: (value: Value | undefined) => void;
  /** Where there are many: typing finds. */
  searches?: boolean;
};

/** One of a few, or none, to narrow a list by. */
export function ChoiceFilter<Value extends string>({ label, value, options, onChange, searches }: ChoiceProps<Value>) {
  return (
    <Select<Value>
      allowClear
      showSearch={searches ? { optionFilterProp: "label" } : false}
      aria-label={label}
      popupRender={namedList(label)}
      placeholder={label}
      value={value}
      options={[...options]}
      onChange={(chosen?: Value) => onChange(chosen)}
      popupMatchSelectWidth={!searches}
      className="filter"
    />
  );
}

type TextProps = { label: string; value?: string; onSearch: (text: string | undefined) => void };

/** Words to find in a list; asked for by Enter. */
export function TextFilter({ label, value, onSearch }: TextProps) {
  return (
    <Input.Search
      allowClear
      key={value}
      aria-label={label}
      placeholder={label}
      defaultValue={value}
      onSearch={(text) => onSearch(text.trim() || undefined)}
      className="search"
    />
  );
}
