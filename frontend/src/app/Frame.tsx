import { useQuery } from "@tanstack/react-query";
import { Button, Layout, Menu, Select, Spin } from "antd";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";

import { OrganisationSwitch } from "@/features/account/OrganisationSwitch";
import { SignInPage } from "@/features/account/SignInPage";
import { me, useSignOut } from "@/features/account/session";
import { type Language, LANGUAGES, speak } from "@/shared/i18n";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** The sign-in page for nobody; for everybody else the bar on top and the page below it. */
export function Frame() {
  const person = useQuery(me);
  if (person.isPending) return <Spin fullscreen />;
  if (person.error) return <ProblemAlert error={person.error} />;
  if (!person.data) return <SignedOut />;
  return <SignedIn name={person.data.name || person.data.email} />;
}

function SignedOut() {
  return (
    <>
      <div className="language-corner">
        <LanguageSwitch />
      </div>
      <SignInPage />
    </>
  );
}

function SignedIn({ name }: { name: string }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const section = useLocation().pathname.split("/")[1] ?? "";
  return (
    <Layout className="frame">
      <a className="skip" href="#content">
        {t("frame.skip")}
      </a>
      <Layout.Header className="bar">
        <Link to="/" className="brand">
          Hanse
        </Link>
        <Menu
          theme="dark"
          mode="horizontal"
          selectedKeys={[section]}
          items={[{ key: "rfqs", label: <Link to="/rfqs">{t("frame.rfqs")}</Link> }]}
        />
        <OrganisationSwitch />
        <LanguageSwitch />
        <span className="person">{name}</span>
        <Button onClick={() => signOut.mutate()} loading={signOut.isPending}>
          {t("frame.signOut")}
        </Button>
      </Layout.Header>
      <Layout.Content id="content" className="content">
        <Outlet />
      </Layout.Content>
    </Layout>
  );
}

function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const options = Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }));
  return (
    <Select
      aria-label={t("frame.language")}
      value={i18n.language as Language}
      options={options}
      onChange={(language) => {
        speak(language);
        window.location.reload();
      }}
      popupMatchSelectWidth={false}
    />
  );
}
