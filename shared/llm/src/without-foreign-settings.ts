/**
 * Variables that LangChain and the SDK of OpenAI read for themselves, whoever set them and for what: those of LangSmith send it
 * every prompt and answer, and OPENAI_CUSTOM_HEADERS goes to every provider, over the key of its role.
 */
const foreign = /^(LANGSMITH_|LANGCHAIN_|OPENAI_CUSTOM_HEADERS$)/;

/**
 * Takes these variables out of an environment: what a model is asked goes to its endpoint, to our ledger, and nowhere else, with
 * nothing beside it that the settings do not say. The libraries read them at each call, so this holds from now on.
 */
export function withoutForeignSettings(environment: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment)) if (foreign.test(name)) delete environment[name];
}
