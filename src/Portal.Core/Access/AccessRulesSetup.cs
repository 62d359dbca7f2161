using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access.Clocks;
using Portal.Core.Entities;

namespace Portal.Core.Access;

public static class AccessRulesSetup
{
    public static IServiceCollection AddAccessRules(this IServiceCollection services) =>
        services.AddSingleton<Authorise>().AddSingleton<People>().AddSingleton<Providers.IGitAccess, GitAccess>()
            .AddSingleton<ConfirmClock>().AddSingleton<ReadRoles>().AddSignedIn();

    private static IServiceCollection AddSignedIn(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section)
            .Validate(
                o => o.FirstAdministrator.Length == 0 || Descriptor.IsName(o.FirstAdministrator),
                $"{AccessOptions.Section}:FirstAdministrator is no name of a person: use letters, digits, '-', '_' and '.', such as jane.doe.")
            .ValidateOnStart();
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section)
            .Validate(o => o.MaximumDays is >= 1 and <= 3650, $"{TokenOptions.Section}:MaximumDays must be 1 to 3650.")
            .Validate(
                o => o.DefaultDays >= 1 && o.DefaultDays <= o.MaximumDays,
                $"{TokenOptions.Section}:DefaultDays must be 1 to MaximumDays.").ValidateOnStart();
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section)
            .Validate(
                o => o.MaximumHours is >= 1 and <= 8760, $"{SignInOptions.Section}:MaximumHours must be 1 to 8760.")
            .Validate(
                o => o.IdleHours >= 1 && o.IdleHours <= o.MaximumHours,
                $"{SignInOptions.Section}:IdleHours must be 1 to MaximumHours.").ValidateOnStart();
        services.AddSingleton<AccessNews>().AddHostedService(s => s.GetRequiredService<AccessNews>());
        return services.AddSingleton<Sessions>().AddSingleton<AccessTokens>();
    }
}
