using System.Globalization;
using Gir.Guided;
using Gir.Soak.Fuzz;

// Fuzzing led by coverage: AFL++ damages files, and keeps those that reach code which no other did. docs/reliability.md has the outcome.
//   dotnet run -c Release --project tests/Gir.Guided -- campaign png [--seconds 600] [--output FOLDER]    # goes on where the folder's last one ended
//   dotnet run -c Release --project tests/Gir.Guided -- again png FILE...                                 # what a reader says to files
// (`target png` is what the campaign has AFL++ run.)
string? Text(string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

Target.Prepare();
FuzzReader? reader = args.Length < 2 ? null : FuzzReader.All().FirstOrDefault(r => r.Name == args[1]);
if (reader is null || args[0] is not ("campaign" or "again" or "target"))
{
    Console.Error.WriteLine($"Expected campaign or again, and one of {string.Join(", ", FuzzReader.All().Select(r => r.Name))}.");
    return 2;
}

switch (args[0])
{
    case "target":
        Target.Run(reader);
        return 0;
    case "again":
        return Target.Again(reader, args[2..]);
    default:
        return Campaign.Run(reader, int.Parse(Text("--seconds") ?? "600", NumberStyles.None, CultureInfo.InvariantCulture), Text("--output") ?? "guided");
}
