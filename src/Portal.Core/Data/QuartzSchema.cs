using Quartz;

namespace Portal.Core.Data;

/// <summary>
/// The scheduler's tables, in a PostgreSQL schema of their own. Migrations make them; the scheduler does not.
/// </summary>
public static class QuartzSchema
{
    /// <summary>For the scheduler's store: its tables, schema included.</summary>
    public const string TablePrefix = "quartz.qrtz_";

    /// <summary>Inside names, where a schema cannot stand.</summary>
    private const string NamePrefix = "qrtz_";

    private const string Resource = "Quartz.Impl.AdoJobStore.Schema.create_postgres.sql";

    /// <summary>The package's own script; it leaves alone what exists.</summary>
    public static string Script()
    {
        using var stream = typeof(IScheduler).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"this version of Quartz carries no {Resource}");
        using var reader = new StreamReader(stream);
        var script = reader.ReadToEnd().Replace("{0}", TablePrefix, StringComparison.Ordinal).Replace(
            "{1}", NamePrefix, StringComparison.Ordinal);
        return $"create schema if not exists quartz;\n{script}";
    }
}
