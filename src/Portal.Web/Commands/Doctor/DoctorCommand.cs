using System.CommandLine;
using System.Text.Json;
using Portal.Web.Commands.Doctor;
using Portal.Web.Hosting;

namespace Portal.Web.Commands;

/// <summary>Checks an installation and says what to mend; changes nothing. Exit code 1 when a check fails.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Folder of the portal's data (default .data)." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("doctor", "Check an installation, and say what to mend.") { data, json };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = PortalApplication.Settings(
                parsed.GetValue(data), port: null,
                ["--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=None", .. parsed.UnmatchedTokens]);
            var findings = await Examination.RunAsync(settings, cancellation);
            await WriteAsync(findings, parsed.GetValue(json), Console.Out);
            return Worst(findings) == Verdict.Fail ? 1 : 0;
        });
        return command;
    }

    internal static async Task WriteAsync(IReadOnlyList<Finding> findings, bool json, TextWriter output)
    {
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(
                new { status = Word(Worst(findings)), checks = findings.Select(f =>
                    new { name = f.Check, status = Word(f.Verdict), message = f.Message, mend = f.Mend }) }, Indented));
            return;
        }

        var width = findings.Max(finding => finding.Check.Length);
        foreach (var finding in findings)
        {
            var word = finding.Verdict == Verdict.Fail ? "FAIL" : Word(finding.Verdict);
            await output.WriteLineAsync(
                $"{word,-4}  {finding.Check.PadRight(width)}  {finding.Message}{(finding.Mend is null ? "" : $" → {finding.Mend}")}");
        }
    }

    internal static Verdict Worst(IReadOnlyList<Finding> findings) => findings.Max(finding => finding.Verdict);

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
