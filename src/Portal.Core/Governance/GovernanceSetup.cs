using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Governance.Access;
using Portal.Core.Governance.Audit;
using Portal.Core.Governance.Clocks;

namespace Portal.Core.Governance;

public static class GovernanceSetup
{
    public static IServiceCollection AddGovernance(this IServiceCollection services) =>
        services.AddSingleton<Authorise>().AddSingleton<People>().AddSingleton<Providers.IGitAccess, GitAccess>().AddSingleton<ReadActivity>().AddSingleton<ConfirmClock>();
}
