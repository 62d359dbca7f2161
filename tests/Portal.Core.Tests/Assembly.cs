using Portal.TestKit.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
