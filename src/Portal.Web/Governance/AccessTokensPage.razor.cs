using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Portal.Core.Access;

namespace Portal.Web.Governance;

/// <summary>The tokens of who is signed in: made, seen once, and taken away.</summary>
public sealed partial class AccessTokensPage
{
    private static readonly int[] Usual = [1, 7, 30, 90, 180, 365];
    private IReadOnlyList<AccessToken>? tokens;
    private string? made;
    private string? failure;
    private string name = "";
    private int days;

    [Inject] private AccessTokens Store { get; set; } = default!;
    [Inject] private IOptions<TokenOptions> Limits { get; set; } = default!;

    /// <summary>The usual time, and round ones up to the longest that is allowed.</summary>
    private IEnumerable<int> Choices => Usual.Append(Limits.Value.DefaultDays).Append(Limits.Value.MaximumDays)
        .Where(d => d <= Limits.Value.MaximumDays).Distinct().Order();

    protected override async Task LoadAsync()
    {
        if (days == 0) days = Limits.Value.DefaultDays;
        tokens = OrProblem(await Store.ListAsync(Me.Ref, Me, Closing));
    }

    private async Task CreateAsync()
    {
        var created = await Store.CreateAsync(Me, name, days, through: null, Closing);
        failure = created.Error?.Message;
        made = created.IsOk ? created.Value.Text : null;
        if (created.IsOk) name = "";
        await LoadAsync();
    }

    private async Task RevokeAsync(AccessToken token)
    {
        failure = (await Store.RevokeAsync(token.Id, Me, Closing)).Error?.Message;
        made = null;
        await LoadAsync();
    }
}
