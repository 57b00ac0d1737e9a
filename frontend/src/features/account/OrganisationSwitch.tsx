import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useTranslation } from "react-i18next";

import { memberships, useActFor } from "@/features/account/session";
import { me } from "@/shared/me";

/** The organisation one acts for; a choice where one belongs to several. */
export function OrganisationSwitch() {
  const { t } = useTranslation();
  const { data: person } = useQuery(me);
  const { data: mine } = useQuery(memberships);
  const actFor = useActFor();
  const options = mine?.results.map(({ organisation }) => ({ value: organisation.id, label: organisation.name })) ?? [];
  return (
    <Select
      aria-label={t("organisation.label")}
      className="organisation-switch"
      value={person?.organisation ?? undefined}
      options={options}
      loading={actFor.isPending}
      onChange={(organisation) => actFor.mutate(organisation)}
      popupMatchSelectWidth={false}
    />
  );
}
