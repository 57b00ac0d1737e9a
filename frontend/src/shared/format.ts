import { useTranslation } from "react-i18next";

const LOCALES: Record<string, string> = { en: "en-GB", "zh-hans": "zh-Hans-CN" };

/** Writers of money, quantities and instants in the reader's language. Decimals arrive as strings and stay exact. */
export function useFormat() {
  const { i18n } = useTranslation();
  const locale = LOCALES[i18n.language] ?? "en-GB";
  const day = (iso: string | null | undefined): string =>
    iso ? new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(iso)) : "–";
  return {
    instant: (iso: string | null | undefined): string =>
      iso ? new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso)) : "–",
    day,
    /** A validity; one without an end only begins. */
    days: (from: string, until: string | null | undefined): string =>
      until ? `${day(from)} – ${day(until)}` : i18n.t("days.from", { day: day(from) }),
    count: (value: number | null | undefined): string => (value ? new Intl.NumberFormat(locale).format(value) : "–"),
    /** As ``count``, with a zero said. */
    whole: (value: number | null | undefined): string => new Intl.NumberFormat(locale).format(value ?? 0),
    bytes: (value: number): string => sized(value, locale),
    decimal: (value: string | null | undefined, places?: number): string =>
      value == null ? "–" : exact(value, locale, places),
    money: (value: string | null | undefined, currency: string): string =>
      value == null
        ? "–"
        : new Intl.NumberFormat(locale, { style: "currency", currency }).format(value as Intl.StringNumericLiteral),
  };
}

function exact(value: string, locale: string, places?: number): string {
  const fraction = places === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat(locale, fraction).format(value as Intl.StringNumericLiteral);
}

const UNITS = ["byte", "kilobyte", "megabyte"] as const;

function sized(bytes: number, locale: string): string {
  const power = Math.min(bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(1000)) : 0, UNITS.length - 1);
  const unit = { unit: UNITS[power], unitDisplay: power ? "short" : "long" } as const;
  const options = { style: "unit", ...unit, maximumFractionDigits: power > 1 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, options).format(bytes / 1000 ** power);
}
