/** Variables by which LangChain and LangGraph send every prompt and answer to LangSmith, whoever set them and for what. */
const traces = /^(LANGSMITH|LANGCHAIN)_/;

/**
 * Takes the variables of LangSmith out of an environment: what a model is asked goes to its endpoint, to our ledger, and
 * nowhere else. LangChain reads them at each call, so this holds from now on.
 */
export function withoutTracing(environment: Record<string, string | undefined>): void {
  for (const name of Object.keys(environment)) if (traces.test(name)) delete environment[name];
}
