using System.Text.RegularExpressions;

namespace Portal.Core.Delivery.Reports;

/// <summary>
/// How tools write errors. Lines come from anybody's build, so every pattern takes a time in proportion to the line's
/// length (<see cref="RegexOptions.NonBacktracking"/>).
/// </summary>
internal static class LogPatterns
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private const string Place = @"(?<file>[^\s():'""][^():'""]{0,400}?)";

    /// <summary>Colours and cursor moves of terminals.</summary>
    public static readonly Regex Ansi = new(@"\x1b\[[0-9;?]{0,20}[A-Za-z]", Options);

    /// <summary>Of GitHub's runner and of the local one: <c>##[error]src/a.ts:3: text</c>.</summary>
    public static readonly Regex Marked =
        new(@"^##\[(?<kind>error|warning|notice)\](?<text>.*)$", Options);

    /// <summary>As a step prints it: <c>::error file=a.ts,line=3::text</c>.</summary>
    public static readonly Regex Command =
        new(@"^\s*::(?<kind>error|warning|notice)( (?<properties>[^:]*(:[^:]+)*?))?::(?<text>.*)$", Options);

    /// <summary>The place in front of an annotation's text.</summary>
    public static readonly Regex PlaceAhead =
        new($@"^(?<file>[^\s:][^:]{{0,400}}?):(?<line>\d{{1,7}})(:(?<column>\d{{1,5}}))?: (?<text>.*)$", Options);

    /// <summary>What a runner says of every failed step.</summary>
    public static readonly Regex ExitCode =
        new(@"^(Process completed with )?exit code -?\d+\.?( \(ignored.*\))?$", Options);

    /// <summary>The local runner repeats the step's first annotation behind the code.</summary>
    public static readonly Regex ExitCodeAhead = new(@"^exit code -?\d+: ", Options);

    /// <summary>MSBuild, Roslyn, tsc: <c>src/A.cs(12,5): error CS1002: ; expected [/src/A.csproj]</c>.</summary>
    public static readonly Regex Parentheses = new(
        $@"^\s*(\d+>)?{Place}\((?<line>\d{{1,7}})(,(?<column>\d{{1,5}}))?(,\d+,\d+)?\) ?: (?<kind>error|warning) (?<code>[A-Za-z]{{1,12}}\d{{0,6}}) ?: (?<text>.*)$",
        Options);

    /// <summary><c>MSBUILD : error MSB1003: text</c>, <c>error NU1004: text</c>.</summary>
    public static readonly Regex CodeAlone = new(
        @"^\s*([^:]{1,300}: ?)?(?<kind>error|warning) (?<code>[A-Z]{1,10}\d{2,6}) ?: (?<text>.*)$", Options);

    /// <summary>tsc in colours, gcc, clang, javac: <c>src/a.ts:3:5 - error TS2322: text</c>.</summary>
    public static readonly Regex Colons = new(
        $@"^\s*{Place}:(?<line>\d{{1,7}})(:(?<column>\d{{1,5}}))?:?( -)? (?<kind>fatal error|error|warning)( (?<code>[A-Za-z]{{1,10}}\d{{1,6}}))?: (?<text>.*)$",
        Options);

    /// <summary>Go: <c>./main.go:3:5: undefined: x</c>.</summary>
    public static readonly Regex Go = new(
        @"^\s*(vet: )?(?<file>[^\s:]{1,400}\.go):(?<line>\d{1,7}):(?<column>\d{1,5}): (?<text>.+)$", Options);

    /// <summary>Maven: <c>[ERROR] /src/App.java:[3,5] text</c>.</summary>
    public static readonly Regex Maven = new(
        @"^\[(?<kind>ERROR|WARNING)\] (?<file>[^\s:]{1,400}):\[(?<line>\d{1,7}),(?<column>\d{1,5})\] (?<text>.*)$",
        Options);

    /// <summary>ESLint: below the line of the file, <c>  3:5  error  text  rule</c>.</summary>
    public static readonly Regex Lint = new(
        @"^ {1,8}(?<line>\d{1,7}):(?<column>\d{1,5}) {1,8}(?<kind>error|warning) {1,8}(?<text>\S.*)$", Options);

    /// <summary>A file alone in its line, as ESLint writes it above its problems.</summary>
    public static readonly Regex FileAlone = new(
        @"^(?<file>(/|\./|[A-Za-z0-9_@.-])[^\s:]{0,400}\.[A-Za-z]{1,8})$", Options);

    /// <summary>Rust: <c>error[E0425]: text</c>, and its place in the next line.</summary>
    public static readonly Regex Rust = new(@"^(?<kind>error|warning)(\[(?<code>E\d{4})\])?: (?<text>.*)$", Options);

    public static readonly Regex RustPlace = new(
        @"^ *--> (?<file>[^\s:]{1,400}):(?<line>\d{1,7}):(?<column>\d{1,5})$", Options);

    /// <summary>Node, Python, .NET, Java: <c>TypeError: text</c>.</summary>
    public static readonly Regex Thrown = new(
        @"^(Uncaught |Unhandled exception\. |Exception in thread ""[^""]{0,60}"" )?(?<code>([A-Za-z_][\w.]{0,100})?(Error|Exception))( \[[A-Z0-9_]{1,60}\])?: (?<text>.+)$",
        Options);

    /// <summary>A frame of a trace, in the forms of Node, .NET and Python.</summary>
    public static readonly Regex NodeFrame = new(
        @"^\s+at (.{0,300}\()?(file://)?(?<file>[^\s():]{1,400}):(?<line>\d{1,7}):(?<column>\d{1,5})\)?$", Options);

    public static readonly Regex DotNetFrame = new(
        @"^\s+at .{1,600} in (?<file>[^:]{1,400}):line (?<line>\d{1,7})$", Options);

    public static readonly Regex PythonFrame = new(
        @"^\s+File ""(?<file>[^""]{1,400})"", line (?<line>\d{1,7})", Options);

    /// <summary>Above what Node threw: the file and the line, alone.</summary>
    public static readonly Regex NodeHead = new(@"^(file://)?(?<file>/[^\s:]{1,400}):(?<line>\d{1,7})$", Options);

    /// <summary>Whatever else calls itself an error at the begin of a line.</summary>
    public static readonly Regex Named = new(
        @"^(error|ERROR|Error|fatal|FATAL|npm error|npm ERR!|E)(:| ) ?(?<text>.*\w.*)$", Options);
}
