// Uses the API through types that are generated from docs/openapi.json: what does not fit the document does not compile.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

declare const process: { env: Record<string, string | undefined> };

const api = createClient<paths>({
  baseUrl: process.env.PORTAL_ADDRESS,
  headers: { Authorization: `Bearer ${process.env.PORTAL_TOKEN}` },
});

function given<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(`${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

const me = given(await api.GET("/api/v1/me"));

const values = { name: "generated-client", owner: "group:default/orders" };
const plan = given(await api.POST("/api/v1/templates/{ns}/{name}/plan", {
  params: { path: { ns: "default", name: "static-site" } },
  body: { values },
}));
const files: number = plan.files.reduce((sum, file) => sum + file.size, 0);

const started = given(await api.POST("/api/v1/runs", {
  body: { template: "template:default/static-site", values, treeHash: plan.treeHash },
}));
const run = given(await api.GET("/api/v1/runs/{id}", { params: { path: { id: started.id } } }));
const statuses: components["schemas"]["RunStatus"][] = [run.run.status];
const runs = given(await api.GET("/api/v1/runs", { params: { query: { status: statuses, limit: 10 } } }));
const cancelled = await api.POST("/api/v1/runs/{id}/cancel", { params: { path: { id: started.id } } });

// Paging, until all are there.
const entities: string[] = [];
for (let total = 1; entities.length < total;) {
  const page = given(await api.GET("/api/v1/catalog/entities", { params: { query: { offset: entities.length, limit: 5, sort: "kind" } } }));
  total = page.total;
  entities.push(...page.items.map((entity) => entity.reference));
}

// A failure has its type as well.
const absent = await api.GET("/api/v1/environments/{id}", { params: { path: { id: "none" } } });
const code: string | null | undefined = absent.error?.code;

// What the document does not have is a mistake for the compiler.
// @ts-expect-error: the template is missing
const withoutTemplate: components["schemas"]["RunRequest"] = { values };
// @ts-expect-error: there is no such status
const unknownStatus: components["schemas"]["RunStatus"] = "finished";
// @ts-expect-error: a run has no such member
const unknownMember = run.run.colour;

console.log(JSON.stringify({
  me: me.reference, files, run: run.run.title, listed: runs.items.length <= runs.total, cancelled: cancelled.response.status,
  entities: entities.length, distinct: new Set(entities).size, code,
}));
