import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Holds PDF files against the rules of PDF/UA-1 as veraPDF has them, and prints what fails. The rules are read from
 * veraPDF's own file; its reader for them wants a library that is no longer part of Java.
 */
class CheckPdfUa {
    private static final String PROFILE = "/org/verapdf/pdfa/validation/PDFUA-1.xml";

    public static void main(String[] files) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        ValidationProfile profile = profile();
        boolean all = true;
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1);
                    PDFAValidator validator = ValidatorFactory.createValidator(profile, 10000, false, false, false)) {
                ValidationResult result = validator.validate(parser);
                System.out.println(profile.getRules().size() + " rules, " + result.getTotalAssertions() + " checks, "
                        + (result.isCompliant() ? "passed" : "failed"));
                for (TestAssertion each : result.getTestAssertions()) {
                    System.out.println(each.getRuleId().getClause() + "-" + each.getRuleId().getTestNumber() + ": "
                            + each.getMessage() + " " + each.getLocation().getContext());
                }
                all &= result.isCompliant();
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static ValidationProfile profile() throws Exception {
        Element root;
        try (InputStream in = PDFAFlavour.class.getResourceAsStream(PROFILE)) {
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
        }
        Set<Rule> rules = new LinkedHashSet<>();
        for (Element each : named(root, "rule")) {
            Element id = named(each, "id").get(0);
            List<ErrorArgument> arguments = new ArrayList<>();
            rules.add(Profiles.ruleFromValues(
                    Profiles.ruleIdFromValues(PDFAFlavour.Specification.ISO_14289_1, id.getAttribute("clause"),
                            Integer.parseInt(id.getAttribute("testNumber"))),
                    each.getAttribute("object"), each.hasAttribute("deferred") ? Boolean.valueOf(each.getAttribute("deferred")) : null,
                    each.getAttribute("tags"), text(each, "description"), text(each, "test"),
                    Profiles.errorFromValues(text(each, "description"), arguments), List.of()));
        }
        Set<Variable> variables = new LinkedHashSet<>();
        for (Element each : named(root, "variable")) {
            variables.add(Profiles.variableFromValues(each.getAttribute("name"), each.getAttribute("object"),
                    text(each, "defaultValue"), text(each, "value")));
        }
        return Profiles.profileFromValues(PDFAFlavour.PDFUA_1,
                Profiles.profileDetailsFromValues("PDF/UA-1", "ISO 14289-1:2014", "veraPDF", new Date()), "", rules, variables);
    }

    private static List<Element> named(Element within, String name) {
        NodeList found = within.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int at = 0; at < found.getLength(); at++) {
            elements.add((Element) found.item(at));
        }
        return elements;
    }

    private static String text(Element within, String name) {
        return named(within, name).get(0).getTextContent();
    }
}
