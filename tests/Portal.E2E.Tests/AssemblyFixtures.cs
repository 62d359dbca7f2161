using Portal.E2E.Tests.Browser;
using Portal.E2E.Tests.Hosting;
using Portal.TestKit.Postgres;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(SharedPortal))]
[assembly: AssemblyFixture(typeof(BrowserFixture))]

// Two cores: portals, pipelines and browsers of several tests at once would only wait for each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
