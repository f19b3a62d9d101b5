import { FirstProject } from "#features/shell/first-project.tsx";

export default function HomePage() {
  return <FirstProject />;
}
