import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router/dom";

import { router } from "@/app/routes";
import "@/app/app.css";
import { Problem } from "@/api/problem";
import "@/shared/i18n";

const MOST_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => !(error instanceof Problem) && count < MOST_RETRIES,
      refetchOnWindowFocus: true,
    },
  },
});

/** Greys and the red are darker than Ant Design's own, whose contrast is below what WCAG asks of text. */
const THEME = {
  token: {
    colorPrimary: "#14532d",
    colorLink: "#166534",
    colorError: "#cf1322",
    colorTextPlaceholder: "#6b6b6b",
    colorTextDescription: "#595959",
    colorTextTertiary: "#595959",
    borderRadius: 4,
  },
};

export function App() {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider locale={i18n.language === "zh-hans" ? zhCN : enGB} theme={THEME} button={{ autoInsertSpace: false }}>
      <AntApp>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
