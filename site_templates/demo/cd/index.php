<?php
// An example of a partner's own site: PHP that keeps what it knows in the partner's own database.
declare(strict_types=1);

function database(): PDO
{
    $password = trim(file_get_contents(getenv('DATABASE_PASSWORD_FILE')));
    $source = sprintf('mysql:host=%s;dbname=%s;charset=utf8mb4', getenv('DATABASE_HOST'), getenv('DATABASE_NAME'));
    return new PDO($source, getenv('DATABASE_USER'), $password);
}

function countedVisits(PDO $database): int
{
    $database->exec('CREATE TABLE IF NOT EXISTS visits (page VARCHAR(64) PRIMARY KEY, number BIGINT NOT NULL)');
    $database->exec("INSERT INTO visits VALUES ('home', 1) ON DUPLICATE KEY UPDATE number = number + 1");
    return (int) $database->query("SELECT number FROM visits WHERE page = 'home'")->fetchColumn();
}

$database = database();
$visits = countedVisits($database);
$server = $database->getAttribute(PDO::ATTR_SERVER_VERSION);
?>
<!doctype html>
<html lang="fr">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Centre d’échange d’informations de la République démocratique du Congo — site d’exemple</title>
<link rel="stylesheet" href="style.css">
<header>
  <p>Convention sur la diversité biologique</p>
  <h1>Centre d’échange d’informations de la République démocratique du Congo</h1>
</header>
<main>
  <p class="note">Ce site est un exemple : il montre ce que la plate-forme sert pour un partenaire qui développe lui-même
  son site en PHP, avec sa propre base de données. Son contenu est inventé.</p>
  <h2>Ce site vit</h2>
  <dl>
    <dt>Visites comptées</dt><dd><?= number_format($visits, 0, ',', "\u{202f}") ?></dd>
    <dt>PHP</dt><dd><?= htmlspecialchars(PHP_VERSION) ?></dd>
    <dt>Base de données</dt><dd><?= htmlspecialchars($server) ?></dd>
  </dl>
  <h2>Comment remplacer cet exemple</h2>
  <p>Mettez votre site dans un dossier, puis : <code>chm put cd DOSSIER</code></p>
</main>
<footer><p>Site d’exemple. La Belgique héberge le centre d’échange congolais depuis 1998.</p></footer>
</html>
