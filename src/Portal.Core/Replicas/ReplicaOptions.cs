using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Replicas;

/// <summary><c>Portal:Replica</c>.</summary>
public sealed class ReplicaOptions
{
    public const string Section = "Portal:Replica";

    /// <summary>
    /// Name of this process among the replicas; unique among those that run at once. Empty: the machine's name and the
    /// port. One that comes back under its old name takes up its own work first.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>The name that a process with these settings has.</summary>
    public static string NameFrom(IConfiguration configuration)
    {
        if (configuration[Section + ":Name"] is { Length: > 0 } name) return name;
        // Port 0 takes any that is free: the process stands in for it.
        var port = configuration["Portal:Port"] ?? "5080";
        return $"{Environment.MachineName}:{(port == "0" ? $"p{Environment.ProcessId}" : port)}";
    }
}

public static class ReplicasSetup
{
    public static IServiceCollection AddReplicas(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ReplicaOptions>().Configure(o => o.Name = ReplicaOptions.NameFrom(configuration));
        services.AddSingleton<ReplicaLease>().AddHostedService(s => s.GetRequiredService<ReplicaLease>());
        return services;
    }
}
