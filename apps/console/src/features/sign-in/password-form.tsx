"use client";
import { useState } from "react";
import type { Credential } from "#api/sign-in.ts";
import { Button } from "#components/button.tsx";
import { SecretField } from "#components/secret-field.tsx";
import { TextField } from "#components/text-field.tsx";

interface FormProps {
  readonly locked: boolean;
  readonly onPresent: (credential: Credential) => void;
}

/** E-mail address and password; after these the code of the authenticator, for those who have one. */
export function PasswordForm({ locked, onPresent }: FormProps) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form
      className="mt-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onPresent({ email: email.trim(), password });
      }}
    >
      <TextField label="E-mail" type="email" value={email} onChange={setEmail} autoComplete="username" required />
      <SecretField label="Password" value={password} onChange={setPassword} autoComplete="current-password" required />
      <Button type="submit" look="primary" disabled={locked} className="h-9">
        Sign in
      </Button>
    </form>
  );
}
