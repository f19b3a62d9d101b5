import type { Metadata } from "next";
import { SignIn } from "#features/sign-in/sign-in.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps) {
  const { next } = await searchParams;
  return <SignIn next={typeof next === "string" ? next : null} />;
}

interface PageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}
