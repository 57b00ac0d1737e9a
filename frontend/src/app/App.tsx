import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider } from "antd";
import enGB from "antd/locale/en_GB";
import zhCN from "antd/locale/zh_CN";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router/dom";

import { router } from "@/app/routes";
import "@/app/app.css";
import { Problem } from "@/api/problem";
import "@/shared/i18n";
import { me } from "@/shared/me";

const MOST_RETRIES = 2;

const SIGNED_OUT = 401;

/** The session is over: the sign-in page takes the place of what is shown, and leads back to it. */
const forgetWhoWasSignedIn = (error: Error) => {
  if (error instanceof Problem && error.status === SIGNED_OUT && queries.getQueryData(me.queryKey)) queries.setQueryData(me.queryKey, null);
};

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: forgetWhoWasSignedIn }),
  mutationCache: new MutationCache({ onError: forgetWhoWasSignedIn }),
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
