import { Alert, Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { explain } from "@/shared/explain.ts";

interface Query {
  isPending: boolean;
  error: unknown;
  refetch(): unknown;
}

/** What a tab shows while it is being loaded, or could not be. */
export function Failed({ query }: { query: Query }) {
  const { t } = useTranslation();
  if (query.isPending) return <p role="status">{t("common.loading")}</p>;
  if (!query.error) return null;
  return (
    <Alert color="red" p="xs" role="alert">
      {explain(query.error, t)}{" "}
      <Button variant="subtle" size="compact-xs" onClick={() => void query.refetch()}>
        {t("common.retry")}
      </Button>
    </Alert>
  );
}
