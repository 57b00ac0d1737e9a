import { useQuery } from "@tanstack/react-query";
import { Button, Layout, Menu, Select, Spin } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";

import { OrganisationSwitch } from "@/features/account/OrganisationSwitch";
import { rememberLanguage, useSignOut } from "@/features/account/session";
import { SignInPage } from "@/features/account/SignInPage";
import { type Language, LANGUAGES, speak } from "@/shared/i18n";
import { type Me, me } from "@/shared/me";
import { ProblemAlert } from "@/shared/ProblemAlert";

/** The sign-in page for nobody; for everybody else the bar on top and the page below it. */
export function Frame() {
  const person = useQuery(me);
  if (person.isPending) return <Spin fullscreen />;
  if (person.error) return <ProblemAlert error={person.error} />;
  if (!person.data) return <SignedOut />;
  return <SignedIn person={person.data} />;
}

function SignedOut() {
  return (
    <>
      <div className="language-corner">
        <LanguageSwitch onChoose={speakAnew} />
      </div>
      <SignInPage />
    </>
  );
}

function SignedIn({ person }: { person: Me }) {
  const { t, i18n } = useTranslation();
  const signOut = useSignOut();
  const section = useLocation().pathname.split("/")[1] ?? "";
  useEffect(() => {
    // The account's language is the server's; a page in another would be half in each.
    if (person.language in LANGUAGES && person.language !== i18n.language) speak(person.language as Language);
  }, [person.language, i18n.language]);
  return (
    <Layout className="frame">
      <a className="skip" href="#content">
        {t("frame.skip")}
      </a>
      <Layout.Header className="bar">
        <Link to="/" className="brand">
          Hanse
        </Link>
        <nav aria-label={t("frame.sections")} className="sections">
          <Menu theme="dark" mode="horizontal" selectedKeys={[section]} items={useSections()} />
        </nav>
        <OrganisationSwitch />
        <LanguageSwitch
          onChoose={(language) => {
            void rememberLanguage(language).finally(() => speakAnew(language));
          }}
        />
        <span className="person">{person.name || person.email}</span>
        <Button onClick={() => signOut.mutate()} loading={signOut.isPending}>
          {t("frame.signOut")}
        </Button>
      </Layout.Header>
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
      </main>
    </Layout>
  );
}

function useSections() {
  const { t } = useTranslation();
  return [
    { key: "rfqs", label: <Link to="/rfqs">{t("frame.rfqs")}</Link> },
    { key: "catalogue", label: <Link to="/catalogue">{t("frame.catalogue")}</Link> },
    { key: "price-lists", label: <Link to="/price-lists">{t("frame.priceLists")}</Link> },
    { key: "uploads", label: <Link to="/uploads">{t("frame.uploads")}</Link> },
  ];
}

/** What is on screen came in the language before: ask for it anew. */
function speakAnew(language: Language) {
  speak(language);
  window.location.reload();
}

function LanguageSwitch({ onChoose }: { onChoose: (language: Language) => void }) {
  const { t, i18n } = useTranslation();
  const options = Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }));
  return (
    <Select
      aria-label={t("frame.language")}
      value={i18n.language as Language}
      options={options}
      onChange={onChoose}
      popupMatchSelectWidth={false}
    />
  );
}
