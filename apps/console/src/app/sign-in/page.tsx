import type { Metadata } from "next";
import { SignIn } from "#features/sign-in/sign-in.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps) {
  const { next, ended, error } = await searchParams;
  return <SignIn next={text(next)} ended={ended !== undefined} error={text(error)} />;
}

type Value = string | string[] | undefined;

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, Value>>>;
}

function text(value: Value): string | null {
  return typeof value === "string" ? value : null;
}
