import { useMutation } from "@tanstack/react-query";
import { App, Button, type ButtonProps } from "antd";
import { useTranslation } from "react-i18next";

import { Problem } from "@/api/problem";
import { download } from "@/api/sending";

/** A file to take away; says beside itself why there is none. */
export function DownloadButton({ url, children, ...looks }: ButtonProps & { url: string }) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const fetching = useMutation({
    mutationFn: () => download(url),
    onError: (error) => {
      const said = error instanceof Problem ? error : null;
      notification.error({ title: said?.message ?? t("problem.unreachable"), description: said?.detail, role: "alert" });
    },
  });
  return (
    <Button {...looks} loading={fetching.isPending} onClick={() => fetching.mutate()}>
      {children}
    </Button>
  );
}
