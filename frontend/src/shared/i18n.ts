import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

import en from "@/locales/en.json";
import zhHans from "@/locales/zh-hans.json";

export const LANGUAGES = { en: "English", "zh-hans": "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;

const REMEMBERED = "hanse.language";

function preferred(): Language {
  const remembered = localStorage.getItem(REMEMBERED);
  if (remembered && remembered in LANGUAGES) return remembered as Language;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-hans" : "en";
}

/** Show everything in this language from now on, the server's sentences included. */
export function speak(language: Language): void {
  localStorage.setItem(REMEMBERED, language);
  document.documentElement.lang = language === "zh-hans" ? "zh-Hans" : "en";
  void i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  resources: { en: { translation: en }, "zh-hans": { translation: zhHans } },
  lng: preferred(),
  lowerCaseLng: true,
  fallbackLng: "en",
  keySeparator: false,
  interpolation: { escapeValue: false },
});
speak(preferred());

export { i18next };

/** Of a name and the same in Chinese, the one for this reader; the other where that is empty. */
export function useNames(): (name: string, chinese: string) => string {
  const { i18n: now } = useTranslation();
  return (name, chinese) => (now.language === "zh-hans" ? chinese || name : name || chinese);
}
