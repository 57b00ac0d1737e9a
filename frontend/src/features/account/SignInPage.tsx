import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { confirmCode, signIn, type SignedIn } from "@/features/account/session";
import { me } from "@/shared/me";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** E-mail and password, then the one-time code where the account has a second factor. */
export function SignInPage() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [codeWanted, setCodeWanted] = useState(false);
  const settle = (outcome: SignedIn) =>
    outcome === "in" ? cache.invalidateQueries({ queryKey: me.queryKey }) : setCodeWanted(true);
  const password = useMutation({
    mutationFn: (sent: { email: string; password: string }) => signIn(sent.email, sent.password),
    onSuccess: settle,
  });
  const code = useMutation({ mutationFn: (sent: { code: string }) => confirmCode(sent.code), onSuccess: settle });

  return (
    <main className="sign-in">
      <Card title={<h1>{t("signIn.title")}</h1>}>
        {codeWanted ? (
          <Form layout="vertical" onFinish={code.mutate} disabled={code.isPending}>
            <ProblemAlert error={code.error} />
            <Form.Item name="code" label={t("signIn.code")} rules={[{ required: true }]}>
              <Input autoFocus autoComplete="one-time-code" inputMode="numeric" />
            </Form.Item>
            <Button type="primary" htmlType="submit" block loading={code.isPending}>
              {t("signIn.confirm")}
            </Button>
          </Form>
        ) : (
          <Form layout="vertical" onFinish={password.mutate} disabled={password.isPending}>
            <ProblemAlert error={password.error} />
            <Form.Item name="email" label={t("signIn.email")} rules={[{ required: true }]}>
              <Input autoFocus autoComplete="username" type="email" />
            </Form.Item>
            <Form.Item name="password" label={t("signIn.password")} rules={[{ required: true }]}>
              <Input.Password autoComplete="current-password" />
            </Form.Item>
            <Button type="primary" htmlType="submit" block loading={password.isPending}>
              {t("signIn.submit")}
            </Button>
          </Form>
        )}
      </Card>
    </main>
  );
}
