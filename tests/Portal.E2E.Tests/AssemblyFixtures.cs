using Portal.TestKit.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

// Two cores: portals, pipelines and browsers of several tests at once would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
