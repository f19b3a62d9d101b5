"use client";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { Button } from "#components/button.tsx";
import { SettingsCard } from "#features/settings/settings-card.tsx";

/** Each comes when it is asked for. */
const SetUpDialog = dynamic(() =>
  import("#features/settings/profile/set-up-dialog.tsx").then((module) => module.SetUpDialog),
);
const TurnOffDialog = dynamic(() =>
  import("#features/settings/profile/turn-off-dialog.tsx").then((module) => module.TurnOffDialog),
);
const NewCodesDialog = dynamic(() =>
  import("#features/settings/profile/new-codes-dialog.tsx").then((module) => module.NewCodesDialog),
);

const AuthenticatorFragment = graphql(`
  fragment Authenticator on User {
    id
    hasPassword
    totpEnabled
  }
`);

interface AuthenticatorProps {
  readonly user: FragmentType<typeof AuthenticatorFragment>;
  readonly onChanged: () => void;
}

/** The second thing to sign in with, besides the password. */
export function Authenticator({ user: masked, onChanged }: AuthenticatorProps) {
  const { totpEnabled, hasPassword } = readFragment(AuthenticatorFragment, masked);
  const [open, setOpen] = useState<"set up" | "turn off" | "codes" | null>(null);
  const close = (changed: boolean) => {
    setOpen(null);
    if (changed) onChanged();
  };
  const locked = hasPassword ? null : "Set a password first: the authenticator’s code is asked for after it.";
  return (
    <SettingsCard
      title="Authenticator"
      description={
        totpEnabled
          ? "On: after your password you are asked for the code that your authenticator shows."
          : "Off. With an app that shows codes, a password alone does not let anybody in."
      }
    >
      <div className="flex flex-wrap gap-2">
        {totpEnabled ? (
          <>
            <Button onClick={() => setOpen("codes")}>New recovery codes</Button>
            <Button look="danger" onClick={() => setOpen("turn off")}>
              Turn off
            </Button>
          </>
        ) : (
          <Button
            look="primary"
            disabled={locked !== null}
            title={locked ?? undefined}
            onClick={() => setOpen("set up")}
          >
            Set up an authenticator
          </Button>
        )}
      </div>
      {!totpEnabled && locked !== null && <p className="mt-2 text-muted">{locked}</p>}
      {open === "set up" && <SetUpDialog onClose={close} />}
      {open === "turn off" && <TurnOffDialog onClose={close} />}
      {open === "codes" && <NewCodesDialog onClose={close} />}
    </SettingsCard>
  );
}
