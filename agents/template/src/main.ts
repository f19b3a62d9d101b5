import { defineAgent } from "@muster/agent/define-agent.ts";

const agent = defineAgent({
  name: "template",
  tasks: {
    async greet(task, tools) {
      const { name = "world" } = task.input as { name?: string };
      await tools.progress(0.5, "looking up the greetings");
      const memory = await tools.contexts.open("greetings");
      await memory.update((data) => ({ ...(data as object | null), [name]: new Date().toISOString() }), {
        message: `greeted ${name}`,
      });
      return { greeting: `Hello, ${name}!` };
    },
  },
});

await agent.run();
